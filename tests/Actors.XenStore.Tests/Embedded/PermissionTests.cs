using Actors.XenStore.Embedded;

namespace Actors.XenStore.Tests.Embedded;

public sealed class PermissionTests
{
    private EmbeddedXenStore _store = null!;
    private IXenStore _dom0 = null!;
    private IXenStore _guest = null!;

    [SetUp]
    public async Task Open()
    {
        _store = new EmbeddedXenStore(domid => domid < 10);
        _dom0 = _store.Connect(0);
        await _dom0.WriteTextAsync("/local/domain/7", "");
        await _dom0.SetPermissionsAsync("/local/domain/7", Permissions("n7"));
        await _dom0.IntroduceAsync(7, 1, 1);
        _guest = _store.Connect(7);
    }

    [TearDown]
    public async Task Close()
    {
        await _guest.DisposeAsync();
        await _dom0.DisposeAsync();
    }

    [Test]
    public async Task A_guest_owns_the_nodes_that_it_creates()
    {
        await _guest.WriteTextAsync("data/a", "v");

        Assert.That((await _dom0.GetPermissionsAsync("/local/domain/7/data/a")).ToString(), Is.EqualTo("n7"));
        Assert.That(await _dom0.ReadTextAsync("/local/domain/7/data/a"), Is.EqualTo("v"));
    }

    [Test]
    public async Task Children_inherit_permissions()
    {
        await _dom0.WriteTextAsync("/shared", "");
        await _dom0.SetPermissionsAsync("/shared", Permissions("n0", "b7"));
        await _dom0.WriteTextAsync("/shared/by0", "");
        await _guest.WriteTextAsync("/shared/by7", "");

        Assert.That((await _dom0.GetPermissionsAsync("/shared/by0")).ToString(), Is.EqualTo("n0,b7"));
        Assert.That((await _dom0.GetPermissionsAsync("/shared/by7")).ToString(), Is.EqualTo("n7,b7"));
    }

    [Test]
    public async Task A_guest_learns_nothing_about_nodes_that_it_may_not_read()
    {
        await _dom0.WriteTextAsync("/secret/a", "v");

        Assert.That(() => _guest.ReadAsync("/secret/a").AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => _guest.ReadAsync("/secret/absent").AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => _guest.WriteTextAsync("/mine", "v").AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => _guest.ReadAsync("absent").AsTask(), Fails.With(XenStoreError.NotFound));
    }

    [Test]
    public async Task A_guest_with_read_permission_can_read_and_cannot_write()
    {
        await _dom0.WriteTextAsync("/policy", "v");
        await _dom0.SetPermissionsAsync("/policy", Permissions("n0", "r7"));

        Assert.That(await _guest.ReadTextAsync("/policy"), Is.EqualTo("v"));
        Assert.That(() => _guest.WriteTextAsync("/policy", "w").AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => _guest.SetPermissionsAsync("/policy", Permissions("n7")).AsTask(), Fails.With(XenStoreError.AccessDenied));
    }

    [Test]
    public async Task A_guest_with_write_permission_does_not_own_the_node()
    {
        await _dom0.WriteTextAsync("/w", "");
        await _dom0.SetPermissionsAsync("/w", Permissions("n0", "b7"));

        Assert.That(() => _guest.SetPermissionsAsync("/w", Permissions("n0", "b7")).AsTask(), Fails.With(XenStoreError.AccessDenied));
    }

    [Test]
    public async Task A_guest_can_share_its_own_node_but_cannot_give_it_away()
    {
        await _guest.WriteTextAsync("data", "v");
        await _guest.SetPermissionsAsync("data", Permissions("n7", "r8"));

        Assert.That(await _store.Connect(8).ReadTextAsync("/local/domain/7/data"), Is.EqualTo("v"));
        Assert.That(() => _guest.SetPermissionsAsync("data", Permissions("n8")).AsTask(), Fails.With(XenStoreError.NotPermitted));
    }

    [Test]
    public void A_domain_that_does_not_exist_cannot_own_a_node() =>
        Assert.That(() => _dom0.SetPermissionsAsync("/tool", Permissions("n99")).AsTask(), Fails.With(XenStoreError.NotFound));

    [Test]
    public async Task A_later_domain_with_the_same_domid_does_not_inherit_permissions()
    {
        await _dom0.WriteTextAsync("/policy", "v");
        await _dom0.SetPermissionsAsync("/policy", Permissions("n0", "r7"));
        await _dom0.ReleaseAsync(7);
        await _dom0.WriteTextAsync("/policy", "w");
        await _dom0.IntroduceAsync(7, 1, 1);
        await using var later = _store.Connect(7);

        Assert.That(() => later.ReadAsync("/policy").AsTask(), Fails.With(XenStoreError.AccessDenied));
    }

    [Test]
    public void A_guest_cannot_introduce_or_release_a_domain()
    {
        Assert.That(() => _guest.IntroduceAsync(8, 1, 1).AsTask(), Fails.With(XenStoreError.AccessDenied));
        Assert.That(() => _guest.ReleaseAsync(7).AsTask(), Fails.With(XenStoreError.AccessDenied));
    }

    private static NodePermissions Permissions(params string[] entries) => new(
        [.. entries.Select(entry => new NodePermission(
            int.Parse(entry[1..], System.Globalization.CultureInfo.InvariantCulture),
            entry[0] switch { 'r' => NodeAccess.Read, 'w' => NodeAccess.Write, 'b' => NodeAccess.Both, _ => NodeAccess.None }))]);
}
