using Actors.Dispatch.Registry;
using Actors.Host.Doctor;

namespace Actors.Host.Tests.Doctor;

internal sealed class ClassFindingsTests
{
    private static readonly Guid Uuid = Guid.Parse("8b58dc5c-0165-75bb-b25b-e2c741fa9f49");

    private static readonly (int, string, Guid)[] Domains =
    [
        (0, "Domain-0", Guid.Empty), (1, "db-1", Guid.NewGuid()), (2, "db-2", Uuid), (3, "web-1", Guid.NewGuid()),
    ];

    [Test]
    public void A_class_is_shown_with_its_domains() =>
        Assert.That(Of("db-*"), Is.EqualTo(new[] { (FindingStatus.Ok, "class 'db-*' in actors.yaml: db-1 (1), db-2 (2)") }));

    [Test]
    public void A_class_that_matches_nothing_is_reported() =>
        Assert.That(Of("DB-*"), Is.EqualTo(new[] { (FindingStatus.Missing, "class 'DB-*' in actors.yaml matches no domain") }));

    [Test]
    public void A_class_whose_domains_all_belong_to_an_earlier_one_is_reported() =>
        Assert.That(Of("db-*", $"{Uuid}")[1], Is.EqualTo((FindingStatus.Missing,
            $"class '{Uuid}' in actors.yaml has no effect: 1 domain that it matches belongs to the earlier class 'db-*'")));

    [Test]
    public void A_class_that_lost_some_of_its_domains_to_earlier_ones_says_so() =>
        Assert.That(Of("db-1", $"{Uuid}", "*")[2], Is.EqualTo((FindingStatus.Ok,
            $"class '*' in actors.yaml: web-1 (3); 2 domains that it matches belong to the earlier class 'db-1' or '{Uuid}'")));

    [Test]
    public void Dom0_belongs_to_no_class() =>
        Assert.That(Of("Domain-0")[0].Status, Is.EqualTo(FindingStatus.Missing));

    [Test]
    public void The_names_of_guests_are_printed_safely_and_a_long_list_is_cut()
    {
        var many = Enumerable.Range(1, 12).Select(domid => (domid, $"db-\u001b[31m{domid}", Guid.NewGuid())).ToArray();
        var text = ClassFindings.Of(Classes("db-*"), many).Single().Text;

        Assert.That(text, Does.EndWith(" and 2 more").And.Not.Contain("\u001b"));
    }

    private static List<(FindingStatus Status, string Text)> Of(params string[] patterns) =>
        [.. ClassFindings.Of(Classes(patterns), Domains).Select(finding => (finding.Status, finding.Text))];

    private static DomainClasses Classes(params string[] patterns) => new([.. patterns.Select(pattern => new DomainClass(pattern, "actors.yaml") { Share = 1 })]);
}
