/**
 * What a program of Postgres' is given: nothing of ours, secrets least of all. `NODE_ENV` is there because Next's
 * types ask it of every environment.
 */
export const bareEnvironment = {
  NODE_ENV: 'production',
  LC_ALL: 'C',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
} as const
