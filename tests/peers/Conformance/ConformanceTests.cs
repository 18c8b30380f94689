using Actors.XenStore;

namespace Actors.Peers.Conformance;

/// <summary>One set of cases, three stores.</summary>
[TestFixture(Store.Embedded)]
[TestFixture(Store.Xenstored)]
[TestFixture(Store.Oxenstored)]
public sealed class ConformanceTests(Store kind)
{
    private StoreUnderTest _store = null!;
    private XenStoreClient _client = null!;

    internal static IEnumerable<TestCaseData> Cases =>
        AllCases.Numbered.Select(numbered => new TestCaseData(numbered.Number).SetArgDisplayNames(numbered.Case.ToString()));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _store = await StoreUnderTest.StartAsync(kind);
        _client = await _store.ConnectAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (_store is not null)
            await _store.DisposeAsync();
    }

    [TestCaseSource(nameof(Cases)), CancelAfter(20_000)]
    public async Task Behaves_as_the_table_says(int number, CancellationToken cancellation)
    {
        var tested = AllCases.Numbered[number].Case;
        await using var scene = new Scene(_store, _client, number);

        Assert.That(await tested.Act(scene).WaitAsync(cancellation), Is.EqualTo(tested.Seen.Of(kind)));
    }
}
