/** What the page remembers and does, put together: one set of services behind one context. */
export {
  ServicesContext,
  useBench,
  useBenchActions,
  useBenchStore,
  useBundledFolder,
  useController,
  useLibrary,
  useLibraryState,
  useOpenBench,
  useOpenExample,
  useServedPicture,
  usePaircomp,
  usePaircompController,
  useSession,
  useSessionStore,
  useVersus,
  useVersusState,
  usePairDrawer,
} from './hooks';
export { type JudgementOnScreen, useBundledJudge, useIsFinished, useJudgement } from './judgement-hooks';
export { createServices, startServices } from './services';
