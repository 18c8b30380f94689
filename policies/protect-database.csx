// A database: never below what it shows that it needs, and never paged.
//
// A database keeps in memory what it would otherwise read from disk, and knows best which part. A pager takes blindly, so it is no step here.
// The floor is what the guest's own kernel has promised to its programs, and a tenth more. The guest could lie about that, but only to
// keep what it has: nobody gets more by it, and the host's own floor holds in any case.
var shows = Domain.Guest.Committed ?? Domain.Guest.Minimum ?? Domain.Floor;
var needs = Kib.Max(Domain.Floor, shows.Times(1.1));

if (Growing || Target >= needs)
    return await Run("balloon", timeout: 5.Minutes());
if (Footprint <= needs)
    return Short($"the database shows that it needs {needs}, and it has no more than {Footprint}");

var outcome = await Run("balloon", target: needs, timeout: 5.Minutes());
return Short($"not below {needs}, which the database shows that it needs: {outcome.Reason}");
