import { NoSuchRun } from '#components/lab/runs/no-such-run.tsx'

export default NoSuchRun
