/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // It lies over the phone's tab bar; the terminal says the same.
  devIndicators: false,
  // `npm run check` does it for the whole repository: a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // No page uses it, and everybody may have it scale our pictures, or render a page that is none.
  images: { unoptimized: true },
  // A navigation that gets no answer waits for one, instead of leaving for the browser's error page.
  experimental: { useOffline: true },
  // Some browsers ask for it by that name, before they have read which icon there is.
  redirects: async () => [{ source: '/favicon.ico', destination: '/favicon.svg', permanent: true }],
}
