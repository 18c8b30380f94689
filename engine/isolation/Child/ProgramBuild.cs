using Actors.Sdk;

namespace Actors.Isolation.Child;

/// <summary>The build of this program. Both ends of a connection must have the same, because the protocol has no other version.</summary>
internal static class ProgramBuild
{
    /// <param name="role">A type of the assembly that implements the role.</param>
    public static string Of(Type role) => string.Join('-', new[] { role, typeof(IActor), typeof(Wire.Frame) }.Select(type => type.Module.ModuleVersionId.ToString("N")));
}
