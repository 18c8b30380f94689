using System.Reflection;

namespace Actors.Architecture.Tests;

/// <summary>The architecture, from the bottom up: a project may use those named with it, a folder those above it in its list.</summary>
internal static class Layers
{
    /// <summary>Each project with the projects that it may use.</summary>
    public static IReadOnlyDictionary<string, string[]> Projects { get; } = new Dictionary<string, string[]>
    {
        ["Actors.Sdk"] = [],
        ["Actors.XenStore"] = [],
        ["Actors.Yaml"] = ["Actors.Sdk"],
        ["Actors.Scripting"] = ["Actors.Sdk"],
        ["Actors.Sdk.Testing"] = ["Actors.Sdk"],
        ["Actors.Xen"] = ["Actors.Sdk", "Actors.XenStore"],
        ["Actors.Sim"] = ["Actors.Sdk", "Actors.XenStore", "Actors.Yaml"],
        ["Actors.Dispatch"] = ["Actors.Sdk", "Actors.XenStore"],
        ["Actors.Isolation"] = ["Actors.Sdk"],
        ["Actors.Loading"] = ["Actors.Sdk", "Actors.XenStore", "Actors.Yaml", "Actors.Dispatch", "Actors.Isolation"],
        ["Actors.Chains"] = ["Actors.Sdk", "Actors.XenStore", "Actors.Yaml", "Actors.Scripting", "Actors.Dispatch", "Actors.Isolation"],
        ["Actors.Cli"] = ["Actors.Sdk", "Actors.XenStore", "Actors.Dispatch"],
        ["Actors.Charts"] = ["Actors.Sdk"],
        // Compiled to native code, so it must stay small.
        ["actors-front"] = ["Actors.Cli"],
        ["balloon"] = ["Actors.Sdk"],
        ["paging"] = ["Actors.Sdk"],
        ["sharing"] = ["Actors.Sdk"],
        ["tmem"] = ["Actors.Sdk"],
        ["hinting"] = ["Actors.Sdk"],
        // The program may use everything but the plugins, which it loads.
        ["actors"] =
        [
            "Actors.Sdk", "Actors.XenStore", "Actors.Yaml", "Actors.Scripting", "Actors.Sdk.Testing", "Actors.Xen", "Actors.Sim",
            "Actors.Dispatch", "Actors.Isolation", "Actors.Loading", "Actors.Chains", "Actors.Cli", "Actors.Charts",
        ],
    };

    /// <summary>The folders of each project as namespaces, the lowest first. The root of the project is its bare name.</summary>
    public static IReadOnlyDictionary<string, string[]> Folders { get; } = new Dictionary<string, string[]>
    {
        ["Actors.Sdk"] = ["", "Text"],
        ["Actors.Dispatch"] =
        [
            "Files", "Journal", "Learning", "Domains", "State", "Registry", "Snapshots", "Settings", "Decisions", "Calls", "DryRuns", "Retries", "Monitoring", "Runs", "",
        ],
        ["Actors.Isolation"] = ["Messages", "Wire", "Groups", "Processes", "Remote", "Sandbox", "Child"],
        ["Actors.Loading"] = ["Files", "Native", "Signing", "Settings", "Metrics", "Compatibility", "Markers", "Containment", "OwnMechanisms", "LoadContexts", "Child", "Processes", "Reload", ""],
        ["Actors.Chains"] = ["Scripts.Compiling", "Scripts.Running", "Scripts.Processes", "Scripts", "Model", "Steps", "Previews", "Policies", "Yaml", "Files", "Lint"],
        ["Actors.Sim"] =
        [
            "Machine", "Clock", "Specs", "Memory", "Domains", "Hinting", "Guests", "Paging", "Sharing", "Tmem", "Hypervisor", "Toolstacks", "Costs",
            "Recordings", "Scenarios", "Replays", "Scenarios.Yaml", "Studies", "Studies.Yaml", "Persistence",
        ],
        ["Actors.Xen"] = ["Calls", "Hypercalls", "Domains", "Paging", ""],
        ["Actors.Charts"] = ["Model", "Svg", "Files"],
        ["Actors.Cli"] = ["Settings", "CommandLine", "Presentation", "Control", "TargetWaits", "Commands", "Commands.Domains", ""],
        ["actors"] =
        [
            "Logging", "Settings", "Simulation", "Service", "Supervision", "Conformance", "Control", "Platforms", "Daemon", "Recordings", "Doctor", "Demo",
            "ScenarioTests", "PolicyTests", "Studies", "Studies.Pages", "Commands", "Commands.Policies", "Commands.Plugins", "Commands.Scenarios", "",
        ],
    };

    public static Assembly Load(string project) => Assembly.Load(project);

    /// <summary>The namespace of a folder; the root namespaces of the programs are not their assemblies' names.</summary>
    public static string NamespaceOf(string project, string folder)
    {
        var root = project == "actors" ? "Actors.Host" : project;
        return folder.Length == 0 ? root : $"{root}.{folder}";
    }
}
