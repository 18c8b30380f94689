using Actors.Cli.CommandLine;
using Actors.Cli.Control;
using Actors.Cli.Settings;
using Actors.Dispatch.Domains;
using Actors.XenStore;

namespace Actors.Host.Doctor;

/// <summary>Checks xenstored, the permissions of the keys that the daemon obeys, and the daemon itself.</summary>
internal static class StoreFindings
{
    public static async Task<IReadOnlyList<DoctorFinding>> OfAsync(int? storeDomain, CancellationToken cancellation)
    {
        try
        {
            var endpoint = XenStoreEndpoint.Find();
            await using var store = await XenStoreClient.ConnectAsync(endpoint, cancellation: cancellation);
            var daemon = await PublishedHost.ReadAsync(store, cancellation);
            return
            [
                DoctorFinding.Ok("xenstored", $"{Kind(storeDomain)} at {endpoint}"),
                await PermissionsAsync(store, cancellation),
                JournalFindings.Of(daemon is { Running: true, Journal.Length: > 0 } ? daemon.Journal : HostPaths.Journal, daemon.Running),
                daemon.Running
                    ? DoctorFinding.Ok("daemon", $"running, with actors {string.Join(", ", daemon.Actors)}; policies {string.Join(", ", daemon.Policies)}")
                    : new DoctorFinding("daemon", FindingStatus.Missing, "not running", "start it with 'systemctl start actors', or in the foreground with 'actors run'"),
                .. await ClassesAsync(store, daemon, cancellation),
            ];
        }
        catch (XenStoreConnectionException error)
        {
            return [new DoctorFinding("xenstored", FindingStatus.Bad, error.Message, "start xenstored with 'systemctl start xenstored' (on Debian 'systemctl start xen'), and run this command as root")];
        }
        catch (Exception error) when (error is XenStoreException or XenStoreProtocolException)
        {
            return [new DoctorFinding("xenstored", FindingStatus.Bad, error.Message, "run this command in dom0, as root")];
        }
    }

    /// <summary>Checks the journal and the classes of the daemon of a simulated machine. Finds nothing if none runs.</summary>
    public static async Task<IReadOnlyList<DoctorFinding>> OfSimulationAsync(CancellationToken cancellation)
    {
        try
        {
            await using var store = await XenStoreClient.ConnectAsync(StoreOptions.Find(), cancellation: cancellation);
            var daemon = await PublishedHost.ReadAsync(store, cancellation);
            return daemon is { Running: true, Journal.Length: > 0 }
                ? [JournalFindings.Of(daemon.Journal, daemonRuns: true), .. await ClassesAsync(store, daemon, cancellation)]
                : [];
        }
        catch (Exception error) when (error is XenStoreConnectionException or XenStoreException or XenStoreProtocolException)
        {
            return [];
        }
    }

    private static async Task<IEnumerable<DoctorFinding>> ClassesAsync(XenStoreClient store, PublishedHost daemon, CancellationToken cancellation)
    {
        var domains = new List<(int, string, Guid)>();
        foreach (var (domid, name) in daemon.Classes.All.Count == 0 ? [] : await StoreOptions.DomainsAsync(store, cancellation))
        {
            var vm = await store.TryReadTextAsync($"{PolicyKeys.Domain(domid)}/vm", cancellation) ?? "";
            domains.Add((domid, name, Guid.TryParse(vm[(vm.LastIndexOf('/') + 1)..], out var uuid) ? uuid : Guid.Empty));
        }
        return ClassFindings.Of(daemon.Classes, domains);
    }

    private static async Task<DoctorFinding> PermissionsAsync(XenStoreClient store, CancellationToken cancellation)
    {
        var nodes = 0;
        var open = new List<string>();
        var fixes = new List<string>();
        foreach (var (domid, _) in await StoreOptions.DomainsAsync(store, cancellation))
        {
            foreach (var key in new[] { "", $"/{PolicyKeys.Target}", $"/{PolicyKeys.Actor}", $"/{PolicyKeys.Floor}", $"/{PolicyKeys.Timeout}" })
            {
                var path = PolicyKeys.Of(domid) + key;
                if (await store.TryGetPermissionsAsync(path, cancellation) is not { } permissions)
                    continue;
                nodes++;
                if (!permissions.WritableByGuests)
                    continue;
                open.Add($"{path} ({permissions})");
                fixes.Add($"xenstore-chmod {path} n0 r{domid}");
            }
        }
        return open.Count == 0
            ? DoctorFinding.Ok("permissions", $"no guest can write the keys that control it ({nodes} nodes checked)")
            : new DoctorFinding("permissions", FindingStatus.Bad, $"guests can write {string.Join(", ", open)}, so the daemon does not trust these keys", $"{string.Join("; ", fixes)}; then write the values again");
    }

    private static string Kind(int? storeDomain)
    {
        if (storeDomain is { } domid)
            return $"a xenstored in domain {domid}";
        var names = Directory.EnumerateDirectories("/proc").Select(folder => Name($"{folder}/comm")).ToHashSet();
        return names.Contains("oxenstored") ? "oxenstored" : names.Contains("xenstored") ? "C xenstored" : "a xenstored of unknown kind";
    }

    private static string Name(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
