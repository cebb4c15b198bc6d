import { ignoreCompositionKeys } from '#components/shell/composition-keys.ts'
import { holdNavigations, startNavigation } from '#components/shell/held-navigation.ts'
import { moveForeignNodes, surviveTranslation } from './components/shell/translated-text.ts'

// Next runs this file before it hydrates the page: whatever a listener or React must not meet is kept from it here.
ignoreCompositionKeys(window)
moveForeignNodes(document)
surviveTranslation(document)
holdNavigations(window)

/** Next calls it when a link, a push, or back and forward begin a navigation. */
export const onRouterTransitionStart = startNavigation
