using Actors.Loading.Containment;

namespace Actors.Host.Tests.Loading.Containment;

/// <summary>As the daemon does at its start.</summary>
[SetUpFixture]
internal sealed class Handlers
{
    [OneTimeSetUp]
    public void Install() => UnobservedErrors.Catch();
}
