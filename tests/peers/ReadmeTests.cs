using Actors.Peers.Conformance;

namespace Actors.Peers;

/// <summary>Compiles and runs the program in the README of the package.</summary>
public sealed class ReadmeTests
{
    [Test]
    public async Task The_program_in_the_README_runs()
    {
        var root = Repository.Root;
        var readme = await File.ReadAllTextAsync(Path.Combine(root, "xenstore", "README.md"));
        var begin = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        var program = readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)];
        var folder = Directory.CreateTempSubdirectory("readme-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Program.cs"), program);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Readme.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
                  <ItemGroup><Reference Include="{typeof(XenStore.XenStoreClient).Assembly.Location}" /></ItemGroup>
                </Project>
                """);
            await using var store = await StoreUnderTest.StartAsync(Store.Embedded);
            var result = await Programs.RunAsync(
                Environment.ProcessPath!,
                ["run", "--project", folder.FullName],
                new Dictionary<string, string> { ["XENSTORED_PATH"] = store.SocketPath },
                deadline: TimeSpan.FromMinutes(2));

            Assert.That(result.Output, Is.EqualTo("hello\n/tool/example: greeting\nthis ran 1 times\n"), result.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
