using Actors.Sdk;

namespace Actors.Loading.Child;

/// <summary>The build of this program. Both ends of a connection must have the same, because the protocol has no other version.</summary>
internal static class ProgramBuild
{
    public static string Id { get; } =
        $"{typeof(ProgramBuild).Module.ModuleVersionId:N}-{typeof(IActor).Module.ModuleVersionId:N}-{typeof(Isolation.Wire.Frame).Module.ModuleVersionId:N}";
}
