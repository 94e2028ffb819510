// Answers every `require('react')` and `require('react-dom')` of the process with version 18.2.
const Module = require('node:module')

const resolve = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  const old = request.replace(/^react(-dom)?(?=$|\/)/, 'react$1-18')
  return old === request ? resolve.call(this, request, ...rest) : require.resolve(old, { paths: [__dirname] })
}
