using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NetArchTest.Rules;

namespace Actors.Architecture.Tests;

/// <summary>Dependencies point down only, between projects and between the folders inside them. So no cycle is possible.</summary>
internal sealed class DependencyTests
{
    private static readonly string[] Names = [.. Layers.Projects.Keys];

    private static readonly string[] Layered = [.. Layers.Folders.Keys];

    [TestCaseSource(nameof(Names))]
    public void A_project_uses_only_the_projects_below_it(string project)
    {
        var used = Layers.Load(project).GetReferencedAssemblies().Select(reference => reference.Name!).Where(Layers.Projects.ContainsKey);

        Assert.That(used.Except(Layers.Projects[project]), Is.Empty, $"'{project}' may use: {string.Join(", ", Layers.Projects[project])}");
    }

    [TestCaseSource(nameof(Names))]
    public void The_list_of_projects_goes_from_the_bottom_up(string project)
    {
        var order = Layers.Projects.Keys.ToList();
        Assert.That(Layers.Projects[project].Where(used => order.IndexOf(used) >= order.IndexOf(project)), Is.Empty);
    }

    [TestCaseSource(nameof(Layered))]
    public void A_folder_uses_only_the_folders_below_it(string project)
    {
        var (types, problems) = (Types.InAssembly(Layers.Load(project)), new List<string>());
        var folders = Layers.Folders[project];
        for (var index = 0; index < folders.Length; index++)
        {
            string[] above = [.. folders.Skip(index + 1).SelectMany(folder => TypesIn(project, folder))];
            if (above.Length == 0)
                continue;
            var exactly = $"^{Regex.Escape(Layers.NamespaceOf(project, folders[index]))}$";
            var result = types.That().ResideInNamespaceMatching(exactly).ShouldNot().HaveDependencyOnAny(above).GetResult();
            problems.AddRange(result.FailingTypes?.Select(type => $"{type.FullName} uses {type.Explanation}") ?? []);
        }
        Assert.That(problems, Is.Empty);
    }

    [TestCaseSource(nameof(Layered))]
    public void Every_folder_has_its_place_in_the_list(string project)
    {
        var known = Layers.Folders[project].Select(folder => Layers.NamespaceOf(project, folder));
        var found = Own(Layers.Load(project)).Select(type => type.Namespace).OfType<string>().Distinct();

        Assert.That(found.Except(known), Is.Empty, "add the new folder to Layers.cs, above what it uses");
    }

    [TestCase("McMaster.NETCore.Plugins", "Actors.Loading")]
    [TestCase("Microsoft.CodeAnalysis", "Actors.Chains")]
    [TestCase("Spectre.Console", "Actors.Cli")]
    [TestCase("System.CommandLine", "Actors.Cli", "actors-front", "actors")]
    [TestCase("NLog", "actors")]
    [TestCase("YamlDotNet", "Actors.Yaml")]
    public void A_library_is_used_only_where_it_belongs(string library, params string[] projects)
    {
        var users = Layers.Projects.Keys.Where(name => Layers.Load(name).GetReferencedAssemblies().Any(reference => reference.Name!.StartsWith(library, StringComparison.Ordinal)));

        Assert.That(users, Is.EqualTo(projects));
    }

    [Test]
    public void Implementations_are_internal_outside_of_what_others_compile_against()
    {
        string[] open = ["Actors.Sdk", "Actors.XenStore", "Actors.Sdk.Testing", "Actors.Scripting", "balloon", "paging", "sharing", "tmem", "hinting"];
        var leaks = Layers.Projects.Keys.Except(open).SelectMany(project => Own(Layers.Load(project))).Where(type => type.IsPublic);

        Assert.That(leaks.Select(type => type.FullName), Is.Empty);
    }

    private static IEnumerable<string> TypesIn(string project, string folder) =>
        Own(Layers.Load(project)).Where(type => type.Namespace == Layers.NamespaceOf(project, folder)).Select(type => type.FullName!);

    private static IEnumerable<Type> Own(Assembly assembly) => assembly.GetTypes()
        .Where(type => !type.IsNested && type.Namespace?.StartsWith("Actors", StringComparison.Ordinal) == true && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false));
}
