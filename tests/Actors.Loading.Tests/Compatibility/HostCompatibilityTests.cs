using Actors.Loading.Compatibility;

namespace Actors.Loading.Tests.Compatibility;

internal sealed class HostCompatibilityTests
{
    [Test]
    public void The_hosts_own_assemblies_do_not_count_as_those_of_dotnet()
    {
        var shipped = HostCompatibility.ShippedIn("""
            { "targets": { ".NETCoreApp,Version=v10.0": {}, ".NETCoreApp,Version=v10.0/linux-x64": {
              "actors/0.1.0": { "dependencies": {}, "runtime": { "actors.dll": {} } },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.1": { "runtime": { "System.Runtime.dll": {} } },
              "YamlDotNet/18.1.0": { "runtime": { "lib/net8.0/YamlDotNet.dll": {} } } } } }
            """);

        Assert.That(shipped, Is.EquivalentTo(new[] { "actors", "YamlDotNet" }));
    }
}
