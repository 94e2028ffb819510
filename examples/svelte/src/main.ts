import { mount } from 'svelte'
import App from './App.svelte'
import './shop.css'
import { StarRating } from './star-rating.ts'

customElements.define('star-rating', StarRating)
mount(App, { target: document.body })
