using System.Text;
using Actors.Dispatch.State;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Dispatch.Tests.State;

internal sealed class NameListTests
{
    private const string Path = "/tool/actors/policies";

    private IXenStore _store = null!;

    [SetUp]
    public void Connect() => _store = new EmbeddedXenStore().Connect(0);

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(60)]
    [TestCase(61)]
    [TestCase(500)]
    public async Task Any_number_of_long_names_can_be_written(int count)
    {
        var names = Names(count);
        await NameList.WriteAsync(_store, Path, names, default);

        Assert.That(await NameList.ReadAsync(_store, Path, default), Is.EqualTo(names));
    }

    [Test]
    public async Task A_shorter_list_leaves_nothing_of_a_longer_one()
    {
        await NameList.WriteAsync(_store, Path, Names(500), default);
        await NameList.WriteAsync(_store, Path, ["balloon", "paging"], default);

        Assert.That(await _store.ReadTextAsync(Path), Is.EqualTo("balloon paging"));
        Assert.That(await _store.ListAsync(Path), Is.Empty);
    }

    [Test]
    public async Task A_list_that_was_never_written_is_empty() => Assert.That(await NameList.ReadAsync(_store, Path, default), Is.Empty);

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"{number:000}{new string('p', 61)}")];

    [Test]
    [CancelAfter(10_000)]
    public async Task A_store_in_which_every_node_exists_does_not_make_it_endless([Values("", "abc")] string value, CancellationToken cancellation)
    {
        var store = Substitute.For<IXenStore>();
        store.TryReadAsync("", default).ReturnsForAnyArgs(_ =>
        {
            cancellation.ThrowIfCancellationRequested();
            return ValueTask.FromResult<byte[]?>(Encoding.UTF8.GetBytes(value));
        });

        Assert.That((await NameList.ReadAsync(store, Path, cancellation)).Count, Is.LessThanOrEqualTo(1000));
    }
}
