using System.Text;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Dispatch.State;
using Actors.Sdk;
using Actors.XenStore;
using Actors.XenStore.Embedded;
using NSubstitute;

namespace Actors.Loading.Tests;

internal sealed class PluginPublisherTests
{
    private IXenStore _store = null!;

    [SetUp]
    public void Connect() => _store = new EmbeddedXenStore().Connect(0);

    [TearDown]
    public async Task CloseAsync() => await _store.DisposeAsync();

    [Test]
    public async Task Any_number_of_actors_can_be_published()
    {
        var names = Enumerable.Range(0, 500).Select(number => $"{number:000}{new string('a', 61)}").ToArray();
        await PublishAsync(names, Status("many", names, []));
        Assert.That(await NameList.ReadAsync(_store, $"{PolicyKeys.Host}/actors", default), Is.EqualTo(names));
        Assert.That(Encoding.UTF8.GetByteCount(await LineAsync("many")), Is.LessThanOrEqualTo(StoreText.MaxBytes));

        await PublishAsync(["balloon"], Status("many", ["balloon"], []));
        Assert.That(await _store.ReadTextAsync($"{PolicyKeys.Host}/actors"), Is.EqualTo("balloon"));
    }

    [Test]
    public async Task A_problem_stays_on_one_line()
    {
        await PublishAsync([], Status("bad", [], ["it says \"no\"\nand \u001b[2J more"]));

        Assert.That(await LineAsync("bad"), Does.EndWith("problem=\"it says 'no'\\nand \\x1b[2J more\""));
    }

    private async Task PublishAsync(string[] actors, PluginStatus status)
    {
        var directory = new ActorDirectory("standard");
        directory.SetActors(actors.Select(name => new PluginEntry(name, Substitute.For<IActor>())));
        var publisher = new PluginPublisher(_store, directory, Substitute.For<IActorLog>());
        publisher.Publish([status]);
        await publisher.DoneAsync();
    }

    private ValueTask<string> LineAsync(string id) => _store.ReadTextAsync($"{PolicyKeys.Host}/plugins/{id}");

    private static PluginStatus Status(string id, string[] actors, string[] problems) =>
        new(id, "/plugins/it", "serving", "1.0", "1.0", actors, 1, 0, 0, 0, null, "fits", problems);
}
