exports.usePathname = () => '/'
exports.useSearchParams = () => new URLSearchParams()
