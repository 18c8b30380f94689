using System.Text;
using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class ObserverTests
{
    private readonly Notes _notes = new();
    private EmbeddedXenStore _store = null!;
    private IXenStore _dom0 = null!;

    [SetUp]
    public void Open()
    {
        _store = new EmbeddedXenStore(observer: _notes);
        _dom0 = _store.Connect(0);
        _notes.Lines.Clear();
    }

    [TearDown]
    public async Task Close() => await _dom0.DisposeAsync();

    [Test]
    public void The_nodes_of_a_new_store_are_reported()
    {
        var notes = new Notes();
        _ = new EmbeddedXenStore(observer: notes);
        Assert.That(notes.Lines, Is.EqualTo(["/= n0", "/tool= n0", "/tool/xenstored= n0"]));
    }

    [Test]
    public async Task A_change_is_reported_before_the_reply_but_a_parent_that_only_has_a_new_child_is_not()
    {
        await _dom0.WriteTextAsync("/a/b", "1");
        Assert.That(_notes.Lines, Is.EqualTo(["/a/b=1 n0", "/a= n0"]));
        await _dom0.WriteTextAsync("/a/b", "1");
        Assert.That(_notes.Lines[2..], Is.EqualTo(["/a/b=1 n0"]));
        await _dom0.SetPermissionsAsync("/a/b", new NodePermissions(new NodePermission(0, NodeAccess.Read)));
        Assert.That(_notes.Lines[3..], Is.EqualTo(["/a/b=1 r0"]));
    }

    [Test]
    public async Task A_removal_is_reported_from_the_bottom_up()
    {
        await _dom0.WriteTextAsync("/a/b", "1");
        _notes.Lines.Clear();
        await _dom0.RemoveAsync("/a");
        Assert.That(_notes.Lines, Is.EqualTo(["/a/b gone", "/a gone"]));
    }

    [Test]
    public async Task A_transaction_is_reported_when_it_is_committed_and_never_otherwise()
    {
        await using (var dropped = await _dom0.BeginTransactionAsync())
            await dropped.WriteTextAsync("/a", "1");
        await using var transaction = await _dom0.BeginTransactionAsync();
        await transaction.WriteTextAsync("/a", "1");
        await transaction.WriteTextAsync("/a", "2");
        Assert.That(_notes.Lines, Is.Empty);
        await transaction.CommitAsync();
        Assert.That(_notes.Lines, Is.EqualTo(["/a=2 n0"]));
    }

    [Test]
    public async Task The_removed_nodes_of_a_released_domain_are_reported()
    {
        await _dom0.IntroduceAsync(1, 1, 1);
        await _dom0.WriteTextAsync("/a", "1");
        await _dom0.SetPermissionsAsync("/a", new NodePermissions(new NodePermission(1, NodeAccess.None)));
        _notes.Lines.Clear();
        await _dom0.ReleaseAsync(1);
        Assert.That(_notes.Lines, Is.EqualTo(["/a gone"]));
    }

    private sealed class Notes : INodeObserver
    {
        public List<string> Lines { get; } = [];

        public void Changed(string path, ReadOnlySpan<byte> value, NodePermissions permissions) =>
            Lines.Add($"{path}={Encoding.UTF8.GetString(value)} {permissions}");

        public void Removed(string path) => Lines.Add($"{path} gone");
    }
}
