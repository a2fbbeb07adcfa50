import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

new resources.ResourceGroup("archive");

throw new pulumi.RunError("the archive has no owner; set archive:owner");
