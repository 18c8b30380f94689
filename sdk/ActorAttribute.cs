namespace Actors.Sdk;

/// <summary>
/// Marks a class as an actor under a name, that of the actor key. The class implements <see cref="IActor"/> and has a public
/// constructor without parameters. A plugin may carry several.
/// </summary>
/// <param name="name">Lower-case letters, digits and hyphens, beginning with a letter.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActorAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
