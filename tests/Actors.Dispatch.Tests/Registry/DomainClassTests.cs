using Actors.Dispatch.Registry;
using Actors.XenStore.Embedded;

namespace Actors.Dispatch.Tests.Registry;

internal sealed class DomainClassTests
{
    private static readonly Guid Uuid = Guid.Parse("8b58dc5c-0165-75bb-b25b-e2c741fa9f49");

    [TestCase("db-*", "db-1", true)]
    [TestCase("db-*", "db-", true)]
    [TestCase("db-*", "a-db-1", false)]
    [TestCase("db-*", "DB-1", false)]
    [TestCase("db-?", "db-1", true)]
    [TestCase("db-?", "db-12", false)]
    [TestCase("*", "", true)]
    [TestCase("*-prod-*", "eu-prod-7", true)]
    [TestCase("db.1", "db-1", false)]
    [TestCase("8b58dc5c-0165-75bb-b25b-e2c741fa9f49", "db-1", true)]
    [TestCase("8B58DC5C-0165-75BB-B25B-E2C741FA9F49", "db-1", true)]
    [TestCase("8b58dc5c-0165-75bb-b25b-e2c741fa9f48", "8b58dc5c-0165-75bb-b25b-e2c741fa9f48", false)]
    public void A_class_matches_by_pattern_or_UUID(string match, string name, bool matches) =>
        Assert.That(new DomainClass(match, "actors.yaml").Matches(name, Uuid), Is.EqualTo(matches));

    [Test]
    public void A_pattern_of_many_stars_takes_no_time() =>
        Assert.That(new DomainClass(string.Concat(Enumerable.Repeat("a*", 100)) + "b", "actors.yaml").Matches(new string('a', 3000), Uuid), Is.False);

    [Test]
    public void The_first_class_that_matches_counts_and_dom0_has_none()
    {
        var (one, two) = (new DomainClass("db-*", "f") { Share = 1 }, new DomainClass("*", "f") { Share = 2 });
        var classes = new DomainClasses([one, two]);

        Assert.That(classes.Find(3, "db-1", Uuid), Is.EqualTo(one));
        Assert.That(classes.Find(3, "web-1", Uuid), Is.EqualTo(two));
        Assert.That(classes.Find(3, null, Uuid), Is.EqualTo(two));
        Assert.That(classes.Find(0, "db-1", Uuid), Is.Null);
    }

    [Test]
    public async Task Commands_read_the_classes_that_the_daemon_has_published_last()
    {
        await using var store = new EmbeddedXenStore().Connect(0);
        var full = new DomainClass("\"*\" ü", "actors.yaml") { Actor = "tmem:cap=1", TimeoutSeconds = 90, FloorKib = 1, MinKib = 2, MaxKib = 3, Share = 0 };
        await PublishedClasses.WriteAsync(store, new DomainClasses([full, full with { Match = "b" }]), default);
        Assert.That((await PublishedClasses.ReadAsync(store, default)).All, Is.EqualTo(new[] { full, full with { Match = "b" } }));

        await PublishedClasses.WriteAsync(store, new DomainClasses([full with { Share = 7 }]), default);
        Assert.That((await PublishedClasses.ReadAsync(store, default)).All, Is.EqualTo(new[] { full with { Share = 7 } }));
        await PublishedClasses.WriteAsync(store, DomainClasses.None, default);
        Assert.That((await PublishedClasses.ReadAsync(store, default)).All, Is.Empty);
    }
}
