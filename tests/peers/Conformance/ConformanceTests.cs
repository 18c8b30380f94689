using Actors.XenStore;

namespace Actors.Peers.Conformance;

/// <summary>Runs one set of cases against three stores.</summary>
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
    public async Task The_store_behaves_as_documented(int number, CancellationToken cancellation)
    {
        var tested = AllCases.Numbered[number].Case;
        await using var context = new CaseContext(_store, _client, number);

        Assert.That(await tested.Act(context).WaitAsync(cancellation), Is.EqualTo(tested.Seen.Of(kind)));
    }
}
