import posthog from 'posthog-js'

export async function start({ intake }) {
  posthog.init('bench', {
    api_host: intake,
    autocapture: false,
    capture_pageview: false,
    capture_pageleave: false,
    disable_surveys: true,
    capture_performance: false,
    capture_dead_clicks: false,
    session_recording: { maskAllInputs: true },
    // Its recorder refuses what it takes for a robot, such as a headless browser.
    opt_out_useragent_filter: true,
  })
}
