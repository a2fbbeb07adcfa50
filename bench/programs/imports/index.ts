import "../../../components/access/ClusterAccess.ts";
import "../../../components/gitops/FluxSource.ts";
import "../../../components/cluster/MeshCluster.ts";
import "../../../components/mesh/MeshNamespace.ts";
import "../../../components/samples/SampleWorkload.ts";
import "../../../program/readSettings.ts";
