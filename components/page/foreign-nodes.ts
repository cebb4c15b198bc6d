/**
 * Moves what an extension has put at the top of the body out of the way before the page is hydrated.
 *
 * React passes over foreign elements there unless they are of the kind that it looks for, and the first of Next's own is
 * a hidden `div`: a `div` of somebody else's would be taken for it, and the whole page rendered anew with an error. What
 * stands beside the body disturbs nobody and looks the same.
 */
export function setForeignNodesAside({ body, documentElement }: Document): void {
  const first = body?.querySelector(':scope > div[hidden]')
  while (first?.previousElementSibling) documentElement.append(first.previousElementSibling)
}
