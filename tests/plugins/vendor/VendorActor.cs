using System.Globalization;
using Actors.Sdk;

namespace Actors.VendorPlugin;

/// <summary>Uses one part of the contract, which the argument chooses, and reports the result as its reason.</summary>
[Actor("vendor")]
internal sealed class VendorActor : IActor, IPluginPart, IDomainObserver
{
    private readonly List<string> _domains = [];
    private string _mode = "";
    private VendorSettings _settings = new();
    private IPluginCounter? _calls;
    private IPluginGauge? _footprint;
    private IPluginMetrics? _metrics;

    public void Attach(IPluginContext plugin)
    {
        plugin.Configure<VendorSettings>(settings => _settings = settings.Level == 7 ? throw new InvalidOperationException("seven") : settings);
        plugin.OfferMechanism<IVendorPool>(CreatePool);
        _metrics = plugin.Metrics;
        _calls = plugin.Metrics.CreateCounter("vendor.calls", "{call}", "Calls of this actor.");
        _footprint = plugin.Metrics.CreateGauge("vendor.footprint", "By");
    }

    public async Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation)
    {
        _calls!.Add();
        _footprint!.Set((await domain.InspectAsync(cancellation)).Footprint.Value * 1024.0);
        var words = request.Argument.Split(' ');
        var reason = words[0] switch
        {
            "mechanisms" => string.Join("; ", WhyNot<IMaxMem>(domain), WhyNot<IPaging>(domain), WhyNot<ISharing>(domain), WhyNot<ITmem>(domain)),
            "host" => (await domain.InspectHostAsync(cancellation))?.Available.ToString() ?? "unknown",
            "request" => (await domain.RequestHostMemoryAsync(Kib.FromMiB(1), cancellation))?.Amount.ToString() ?? "unknown",
            "read" => await domain.Store.ReadAsync(words[1], cancellation) ?? "absent",
            "pool" => UsePool(domain, words.ElementAtOrDefault(1) ?? ""),
            "pools" => string.Create(CultureInfo.InvariantCulture, $"{VendorPool.Created} created, {VendorPool.Disposed} disposed"),
            "settings" => _settings.ToString(),
            "watch" => await WatchAsync(domain, words[1], int.Parse(words[2], CultureInfo.InvariantCulture), cancellation),
            "watch-until" => await WatchUntilAsync(domain, words[1], words[2], cancellation),
            "watch-many" => await WatchManyAsync(domain, cancellation),
            "domains" => Domains(),
            "exit" => Exit(),
            "metrics" => CreateMetrics(),
            "write" => await WriteAsync(domain, words[1], cancellation),
            _ => "nothing",
        };
        return Outcome.Short((await domain.InspectAsync(cancellation)).Footprint, reason);
    }

    public Task DomainAppearedAsync(DomainIdentity domain, CancellationToken cancellation) => AddAsync($"+{domain.Name}");

    public Task DomainDisappearedAsync(DomainIdentity domain, CancellationToken cancellation) => AddAsync($"-{domain.Name}");

    public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => default;

    private string UsePool(IDomain domain, string mode)
    {
        _mode = mode;
        var offer = domain.GetMechanism<IVendorPool>();
        return offer.Available ? offer.Mechanism.Use() : offer.WhyNot;
    }

    private Offer<IVendorPool> CreatePool(DomainIdentity domain) => _mode switch
    {
        "none" => Offer.None<IVendorPool>("the pool is full"),
        "silent" => default,
        "throw" => throw new InvalidOperationException("no pool today"),
        _ => Offer.Of<IVendorPool>(new VendorPool(domain, _mode == "sticky")),
    };

    private Task AddAsync(string what)
    {
        if (what == "+bad")
            throw new InvalidOperationException("a bad domain");
        lock (_domains)
            _domains.Add(what);
        return what == "+slow" ? new TaskCompletionSource().Task : Task.CompletedTask;
    }

    private string Domains()
    {
        lock (_domains)
            return _domains.Count == 0 ? "none" : string.Join(' ', _domains);
    }

    private static string WhyNot<TMechanism>(IDomain domain) where TMechanism : class =>
        domain.GetMechanism<TMechanism>() is { Available: false } offer ? offer.WhyNot : $"{typeof(TMechanism).Name} is available";

    // After each value, the test may write the next.
    private static async Task<string> WatchAsync(IDomain domain, string path, int count, CancellationToken cancellation)
    {
        var seen = new List<string>();
        await foreach (var value in domain.Store.WatchAsync(path, cancellation))
        {
            seen.Add(value ?? "absent");
            if (seen.Count == count)
                break;
            await domain.Store.WriteAsync("data/seen", seen.Count.ToString(CultureInfo.InvariantCulture), cancellation);
        }
        return string.Join(' ', seen);
    }

    private static async Task<string> WatchUntilAsync(IDomain domain, string path, string last, CancellationToken cancellation)
    {
        await foreach (var value in domain.Store.WatchAsync(path, cancellation))
        {
            if (value == last)
                return value;
        }
        return "no end";
    }

    private static async Task<string> WatchManyAsync(IDomain domain, CancellationToken cancellation)
    {
        var watches = new List<IAsyncEnumerator<string?>>();
        try
        {
            while (watches.Count < 100)
            {
                watches.Add(domain.Store.WatchAsync("data/x", cancellation).GetAsyncEnumerator(cancellation));
                await watches[^1].MoveNextAsync();
            }
            return "100 watches";
        }
        finally
        {
            foreach (var watch in watches)
                await watch.DisposeAsync();
        }
    }

    private string CreateMetrics()
    {
        for (var number = 0; number < 1_000_000; number++)
            _metrics!.CreateCounter(string.Create(CultureInfo.InvariantCulture, $"flood.{number}"), "", "");
        return "a million metrics";
    }

    private static string Exit()
    {
        Environment.Exit(0);
        return "";
    }

    private static async Task<string> WriteAsync(IDomain domain, string path, CancellationToken cancellation)
    {
        await domain.Store.WriteAsync(path, "x", cancellation);
        return "written";
    }
}
