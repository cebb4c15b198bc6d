import { watchTheme } from '#components/trading/chart/chart-colors.ts'
import { drawScope } from './draw-scope.ts'
import { createPen, readScopeColors } from './pen.ts'
import { type ScopeAxis, shapeOf } from './scope-shape.ts'
import type { ScopeView } from './scope-view.ts'

/** After an expensive frame, pause for this many times its cost: the lanes need the thread too. */
const restPerCost = 8
/** Frames that cost no more than this, in ms, may be drawn continuously. */
const cheapMs = 4
const stepMs = 1_000

/**
 * Draws the scope on a canvas, frame by frame while it is live and otherwise when something has changed; not while it
 * is hidden. With reduced motion it steps once a second. Returns a function that stops it.
 */
export function drawLive(canvas: HTMLCanvasElement, scope: ScopeView, axis: ScopeAxis): () => void {
  const context = canvas.getContext('2d')
  if (!context) return () => undefined
  const on = context
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let pen = newPen()

  function newPen() {
    const { clientWidth, clientHeight } = canvas
    const scale = window.devicePixelRatio
    canvas.width = Math.round(clientWidth * scale)
    canvas.height = Math.round(clientHeight * scale)
    on.setTransform(scale, 0, 0, scale, 0, 0)
    const fonts = getComputedStyle(canvas).fontFamily
    const [length, breadth] = axis === 'x' ? [clientWidth, clientHeight] : [clientHeight, clientWidth]
    return createPen(on, { ...{ axis, length, breadth, fonts }, colors: readScopeColors(canvas) })
  }

  function draw() {
    if (pen.length === 0 || pen.breadth === 0) return
    on.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight)
    const scene = scope.scene()
    const nowMs = calm.matches && scope.isLive() ? Math.floor(scene.nowMs / stepMs) * stepMs : scene.nowMs
    drawScope(pen, shapeOf(axis, pen.breadth), { ...scene, nowMs })
  }

  function next() {
    frame = 0
    const begunMs = performance.now()
    draw()
    // After the frame, because a canvas is painted only after drawing; and after waiting tasks, which are urgent too.
    timer = setTimeout(() => rest(performance.now() - begunMs))
  }

  /** A requested frame costs time even if nothing is drawn, so none is requested during the pause. */
  function rest(costMs: number) {
    const restMs = calm.matches ? stepMs : restPerCost * (costMs - cheapMs)
    if (restMs > 0) timer = setTimeout(run, restMs)
    else run()
  }

  function run() {
    clearTimeout(timer)
    if (frame === 0 && scope.isLive() && canvas.clientWidth > 0) frame = requestAnimationFrame(next)
  }

  function again() {
    pen = newPen()
    draw()
    run()
  }

  const sizes = new ResizeObserver(again)
  sizes.observe(canvas)
  const unwatchTheme = watchTheme(again)
  const unwatch = scope.watch(draw)
  void document.fonts.ready.then(() => canvas.isConnected && draw())
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    sizes.disconnect()
    unwatchTheme()
    unwatch()
  }
}
