/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // It lies over the phone's tab bar; the terminal says the same.
  devIndicators: false,
}
