// For databases: never go below the memory that the guest reports as needed, and never page.
//
// A database keeps in memory what it would otherwise read from disk, and knows best which part to keep. A pager chooses pages blindly, so it
// is not used here. The limit is the memory that the guest's kernel has promised to its programs, plus 10 %. The guest could lie about that,
// but only to keep what it has: it cannot get more that way, and the host's own floor applies in any case.
var reported = Domain.Guest.Committed ?? Domain.Guest.Minimum ?? Domain.Floor;
var needs = Kib.Max(Domain.Floor, reported.Times(1.1));

if (Growing || Target >= needs)
    return await Run("balloon", timeout: 5.Minutes());
if (Footprint <= needs)
    return Short($"the database reports that it needs {needs}, and it has only {Footprint}");

var outcome = await Run("balloon", target: needs, timeout: 5.Minutes());
return Short($"stopped at {needs}, which the database reports as needed: {outcome.Reason}");
