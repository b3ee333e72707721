// @ts-ignore: installed beside the copy of this file that is run
const { WorkloadIdentity, WorkloadIdentityError } = require("anthropic-workload-identity");

new WorkloadIdentity({ federationRuleId: "fdrl_01", organizationId: "1", identityTokenProvider: () => "a.b.c" });
console.log(typeof WorkloadIdentity, typeof WorkloadIdentityError);
