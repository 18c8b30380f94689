using System.Globalization;
using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Studies.Yaml;

/// <summary>Reads a study from YAML.</summary>
internal static class StudyYaml
{
    private const int MostSeeds = 10_000;

    /// <summary>Reads the study. All errors are added to the problems of the reader.</summary>
    public static Study Read(YamlReader reader, StudyWorld world, IReadOnlyCollection<string> policies)
    {
        // The world has read these.
        _ = (reader.Node("world"), reader.Node("scenario"));
        reader.Demand("for", ": how long each run lasts, such as 10m");
        var variants = Variants(reader, world, policies);
        var study = new Study
        {
            Title = reader.Required("title") ?? "",
            Source = reader.Text("source") ?? "",
            Length = Length(reader),
            Seeds = Seeds(reader),
            Variants = variants,
            Shown = Shown(reader, variants),
            Expectations = [.. reader.Groups("expect", "- { variant: …, measure: …, most: … }").Select(group => Expectation(group, variants))],
        };
        reader.Finish(key => key is "host" or "domains" or "events" ? "belongs in 'world'" : null);
        return study;
    }

    private static List<StudyVariant> Variants(YamlReader reader, StudyWorld world, IReadOnlyCollection<string> policies)
    {
        var groups = reader.Groups("variants", "- { name: …, set: { … } }");
        if (reader.Node("variants") is null or YamlList { Items.Count: 0 })
            reader.Problem(reader.At, "'variants' is missing: a study needs at least one variant ('- { name: …, set: { domains.web.guest.swap: 1GiB } }')");
        var variants = new List<StudyVariant>();
        foreach (var group in groups)
        {
            var name = group.Required("name") ?? "";
            if (variants.Any(other => other.Name == name))
                group.Problem(group.Node("name")!.At, $"a variant named {name} already exists");
            var policy = group.Known("policy", "policy", policies);
            group.Group("set");
            var changed = world.With((group.Node("set") as YamlMap)?.Entries ?? []);
            group.Finish();
            variants.Add(new StudyVariant(name, changed ?? world.Base ?? Nothing, policy));
        }
        return variants;
    }

    private static Scenario Nothing => new() { Host = new HostSpec(), Domains = [], Events = [], Expectations = [] };

    private static TimeSpan Length(YamlReader reader)
    {
        var length = reader.Duration("for");
        if (length == TimeSpan.Zero)
            reader.Problem(reader.Node("for")!.At, "'for' must be longer than zero");
        return length ?? TimeSpan.FromSeconds(1);
    }

    private static int Seeds(YamlReader reader)
    {
        var seeds = reader.Integer("seeds");
        if (seeds is < 1 or > MostSeeds)
            reader.Problem(reader.Node("seeds")!.At, $"'seeds' is the number of runs of each variant, from 1 to {MostSeeds}");
        return seeds ?? 1;
    }

    private static IReadOnlyList<Measure> Shown(YamlReader reader, List<StudyVariant> variants)
    {
        if (reader.Node("show") is null)
            return Measures.Standard;
        var shown = new List<Measure>();
        foreach (var word in reader.Words("show"))
        {
            var known = Enum.GetValues<Measure>().Where(measure => Measures.NameOf(measure) == word.Value).ToList();
            if (known.Count == 0)
                reader.Problem(word.At, $"there is no measure '{YamlText.Shown(word.Value)}': use one of {ScenarioTerms.Of<Measure>()}");
            else if (Measures.NeedsSuperpages(known[0]) && !variants.Any(variant => variant.World.Host.Superpages))
                reader.Problem(word.At, $"'{word.Value}' needs 'host: {{ superpages: true }}'");
            shown.AddRange(known);
        }
        return shown;
    }

    private static StudyExpectation Expectation(YamlReader group, List<StudyVariant> variants)
    {
        var names = variants.Select(variant => variant.Name).ToList();
        group.Demand("variant", names.Count > 0 ? $": one of {string.Join(", ", names)}" : ": the name of a variant");
        group.Demand("measure", $": one of {ScenarioTerms.Of<Measure>()}");
        var variant = group.Known("variant", "variant", names) ?? "";
        var domains = variants.FirstOrDefault(other => other.Name == variant)?.World.DomainNames ?? [];
        var measure = group.Choice<Measure>("measure");
        var expectation = new StudyExpectation
        {
            Variant = variant,
            Domain = group.Known("domain", "domain", domains),
            Measure = measure ?? default,
            Least = Number(group, "least"),
            Most = Number(group, "most"),
            RelativeTo = group.Known("relative_to", "variant", names),
            OfMedian = group.Choice<SpreadWord>("in") == SpreadWord.Median,
        };
        if (group.Node("least") is null && group.Node("most") is null)
            group.Problem(group.At, "nothing is expected here: give 'least', 'most' or both");
        if (expectation.Least > expectation.Most)
            group.Problem(group.Node("least")!.At, "'least' is above 'most'");
        if (measure is { } known && group.Node("domain") is null && !Measures.IsOfHost(known))
            group.Problem(group.At, $"'domain' is missing: the host has no {Measures.NameOf(known)}");
        if (measure is { } ofHost && group.Node("domain") is { } domain && !Measures.IsOfDomain(ofHost))
            group.Problem(domain.At, $"a domain has no {Measures.NameOf(ofHost)}: leave 'domain' out");
        group.Finish();
        return expectation;
    }

    private static double? Number(YamlReader group, string key) => group.Parsed<double>(key, "a number such as 2.5", text =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, null)
            : (default, "expected a number such as 2.5"))?.Value;

    private enum SpreadWord
    {
        Every,
        Median,
    }
}
