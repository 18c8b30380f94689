using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads what a scenario expects.</summary>
internal static class ExpectationYaml
{
    public static Expectation Read(YamlReader reader, IReadOnlyCollection<string> domains)
    {
        reader.Demand("domain");
        reader.Demand("outcome", $": {ScenarioTerms.Of<OutcomeKind>()}");
        var expectation = new Expectation(
            reader.Known("domain", "domain", domains) ?? "",
            reader.Choice<OutcomeKind>("outcome") ?? default,
            reader.Text("by"),
            reader.Duration("within"));
        reader.Finish();
        return expectation;
    }
}
