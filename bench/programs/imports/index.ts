import "../../../components/clusterAccess.ts";
import "../../../components/fluxSource.ts";
import "../../../components/meshCluster.ts";
import "../../../components/meshNamespace.ts";
import "../../../components/sampleWorkload.ts";
import "../../../settings.ts";
