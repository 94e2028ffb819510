import { secretPage } from './pages.ts'

export default secretPage('classified-vault')
