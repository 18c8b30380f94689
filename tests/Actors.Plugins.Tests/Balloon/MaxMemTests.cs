using Actors.Balloon;
using Actors.Sdk;
using Actors.Sdk.Testing;

namespace Actors.Plugins.Tests.Balloon;

/// <summary>max_mem is raised before the target and lowered after it. A Linux driver that reaches max_mem gives up.</summary>
internal sealed class MaxMemTests
{
    private static readonly Kib Half = Kib.FromMiB(512);
    private static readonly Kib Full = Kib.FromGiB(1);

    private readonly List<string> _calls = [];
    private FakeClock _clock = null!;
    private FakeDomain _domain = null!;

    [SetUp]
    public void CreateDomain()
    {
        _clock = new FakeClock();
        _domain = new FakeDomain(_clock, Full);
        var maxMem = _domain.GetMechanism<IMaxMem>().Mechanism!;
        _domain.Offer<IMaxMem>(new RecordingMaxMem(maxMem, amount => _calls.Add($"max_mem {amount}")));
        _domain.Store.Changed += path =>
        {
            if (path == DomainKeys.BalloonTarget)
                _calls.Add($"target {new Kib(long.Parse(_domain.Store[path]!, System.Globalization.CultureInfo.InvariantCulture))}");
        };
        _calls.Clear();
    }

    [Test]
    public void When_a_guest_grows_max_mem_is_raised_before_the_target()
    {
        Reach(Half);
        _calls.Clear();

        Reach(Full);

        Assert.That(_calls.Take(2), Is.EqualTo(new[] { "max_mem 1 GiB", "target 1 GiB" }));
    }

    [Test]
    public void When_a_guest_has_shrunk_max_mem_is_lowered_and_not_before()
    {
        Reach(Half);

        Assert.That(_calls, Is.EqualTo(new[] { "target 512 MiB", "max_mem 513 MiB" }));
        Assert.That(_domain.Info.MaxMem, Is.EqualTo(Kib.FromMiB(513)));
    }

    [Test]
    public void When_a_guest_does_not_react_its_target_is_raised_again_and_max_mem_stays()
    {
        _domain.Balloon.Refuses = true;

        Reach(Half);

        Assert.That(_calls, Is.EqualTo(new[] { "target 512 MiB", "target 1 GiB" }));
    }

    [Test]
    public void A_release_raises_max_mem_before_it_restores_the_target()
    {
        Reach(Half);
        _calls.Clear();

        _clock.Run(() => new BalloonActor().ReleaseAsync(_domain, default));

        Assert.That(_calls, Is.EqualTo(new[] { "max_mem 1 GiB", "target 1 GiB" }));
    }

    private void Reach(Kib target) =>
        _clock.Run(() => new BalloonActor().ReachAsync(_domain, new TargetRequest { Target = target }, default));

    private sealed class RecordingMaxMem(IMaxMem inner, Action<Kib> record) : IMaxMem
    {
        public ValueTask SetMaxMemAsync(Kib maxMem, CancellationToken cancellation = default)
        {
            record(maxMem);
            return inner.SetMaxMemAsync(maxMem, cancellation);
        }
    }
}
