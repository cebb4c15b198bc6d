import { ignoreCompositionKeys } from '#components/page/composition-keys.ts'
import { setForeignNodesAside } from '#components/page/foreign-nodes.ts'
import { holdNavigations, startNavigation } from '#components/page/held-navigation.ts'
import { surviveTranslation } from '#components/page/translated-text.ts'

// Next runs this file before it hydrates the page: whatever a listener or React must not meet is kept from it here.
ignoreCompositionKeys(window)
setForeignNodesAside(document)
surviveTranslation(document)
holdNavigations(window)

/** Next calls it when a link, a push, or back and forward begin a navigation. */
export const onRouterTransitionStart = startNavigation
