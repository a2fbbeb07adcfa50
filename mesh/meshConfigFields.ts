/**
 * The add-on's support for a field: `supported` by Azure, `allowed` without support, or `blocked` by the add-on's
 * admission webhook although Istio has the field.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-support-policy#allowed-supported-and-blocked-customizations
 */
export type SupportLevel = "supported" | "allowed" | "blocked";

/**
 * The fields of MeshConfig.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#meshconfig
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export const meshConfigFields = {
  accessLogEncoding: "supported",
  accessLogFile: "supported",
  accessLogFormat: "supported",
  defaultConfig: "supported",
  disableEnvoyListenerLog: "supported",
  discoverySelectors: "supported",
  enableEnvoyAccessLogService: "supported",
  outboundTrafficPolicy: "supported",

  caCertificates: "allowed",
  connectTimeout: "allowed",
  defaultDestinationRuleExportTo: "allowed",
  defaultHttpRetryPolicy: "allowed",
  defaultProviders: "allowed",
  defaultServiceExportTo: "allowed",
  defaultVirtualServiceExportTo: "allowed",
  dnsRefreshRate: "allowed",
  enablePrometheusMerge: "allowed",
  enableTracing: "allowed",
  extensionProviders: "allowed",
  h2UpgradePolicy: "allowed",
  ingressSelector: "allowed",
  ingressService: "allowed",
  localityLbSetting: "allowed",
  meshMTLS: "allowed",
  pathNormalization: "allowed",
  proxyHttpPort: "allowed",
  proxyInboundListenPort: "allowed",
  proxyListenPort: "allowed",
  serviceSettings: "allowed",
  tcpKeepalive: "allowed",
  tlsDefaults: "allowed",
  trustDomain: "allowed",
  trustDomainAliases: "allowed",

  ca: "blocked",
  certificates: "blocked",
  configSources: "blocked",
  defaultTrafficPolicy: "blocked",
  enableAutoMtls: "blocked",
  hboneIdleTimeout: "blocked",
  inboundClusterStatName: "blocked",
  inboundTrafficPolicy: "blocked",
  ingressClass: "blocked",
  ingressControllerMode: "blocked",
  outboundClusterStatName: "blocked",
  protocolDetectionTimeout: "blocked",
  rootNamespace: "blocked",
  serviceEntryVisibility: "blocked",
  serviceScopeConfigs: "blocked",
  verifyCertificateAtClient: "blocked",
  zoneAwareLbSetting: "blocked",
} as const satisfies Record<string, SupportLevel>;

/**
 * The fields of ProxyConfig, that is of `defaultConfig`. `statsUdpAddress` is the spelling in Microsoft's table;
 * Istio's name is `statsdUdpAddress`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig#proxyconfig-meshconfigdefaultconfig
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig
 */
export const proxyConfigFields = {
  concurrency: "supported",
  drainDuration: "supported",
  holdApplicationUntilProxyStarts: "supported",
  terminationDrainDuration: "supported",

  caCertificatesPem: "allowed",
  envoyAccessLogService: "allowed",
  envoyMetricsService: "allowed",
  extraStatTags: "allowed",
  gatewayTopology: "allowed",
  meshId: "allowed",
  privateKeyProvider: "allowed",
  proxyAdminPort: "allowed",
  proxyHeaders: "allowed",
  proxyMetadata: "allowed",
  proxyStatsMatcher: "allowed",
  statsUdpAddress: "allowed",
  statusPort: "allowed",
  tracing: "allowed",
  tracingServiceName: "allowed",

  availabilityZone: "blocked",
  binaryPath: "blocked",
  configPath: "blocked",
  connectionSettings: "blocked",
  controlPlaneAuthPolicy: "blocked",
  customConfigFile: "blocked",
  discoveryAddress: "blocked",
  discoveryRefreshDelay: "blocked",
  envoyMetricsServiceAddress: "blocked",
  fileFlushInterval: "blocked",
  fileFlushMinSizeKb: "blocked",
  image: "blocked",
  interceptionMode: "blocked",
  proxyBootstrapTemplatePath: "blocked",
  readinessProbe: "blocked",
  runtimeValues: "blocked",
  sds: "blocked",
  serviceCluster: "blocked",
  statNameLength: "blocked",
  statsCompression: "blocked",
  zipkinAddress: "blocked",
} as const satisfies Record<string, SupportLevel>;
