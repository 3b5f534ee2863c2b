/** Every command of the extension. A test holds this list, package.json and what is registered against each other. */
export const commandIds = {
  // Palette
  retrain: 'warmstart.retrain',
  retrainAll: 'warmstart.retrainAll',
  resumeRun: 'warmstart.resumeRun',
  stopRun: 'warmstart.stopRun',
  compare: 'warmstart.compare',
  approve: 'warmstart.approve',
  reject: 'warmstart.reject',
  release: 'warmstart.release',
  rollBack: 'warmstart.rollBack',
  switchEnvironment: 'warmstart.switchEnvironment',
  chooseProfile: 'warmstart.chooseProfile',
  signIn: 'warmstart.signIn',
  setWarehousePassword: 'warmstart.setWarehousePassword',
  startSandbox: 'warmstart.startSandbox',
  stopSandbox: 'warmstart.stopSandbox',
  checkEnvironment: 'warmstart.checkEnvironment',
  showLineage: 'warmstart.showLineage',
  showLog: 'warmstart.showLog',
  openProjectFile: 'warmstart.openProjectFile',
  refresh: 'warmstart.refresh',
  // Nodes only: hidden from the palette
  refreshNode: 'warmstart.refreshNode',
  loadMore: 'warmstart.loadMore',
  filter: 'warmstart.filter',
  clearFilter: 'warmstart.clearFilter',
  invokeTarget: 'warmstart.invokeTarget',
  sendRequest: 'warmstart.sendRequest',
  copyArn: 'warmstart.copyArn',
  copyName: 'warmstart.copyName',
  openInConsole: 'warmstart.openInConsole',
  openLogs: 'warmstart.openLogs',
  cancelActivity: 'warmstart.cancelActivity',
  resumeRelease: 'warmstart.resumeRelease',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
  approvals: 'warmstart.approvals',
  models: 'warmstart.models',
  lineage: 'warmstart.lineage',
  endpoints: 'warmstart.endpoints',
  activity: 'warmstart.activity',
} as const;
