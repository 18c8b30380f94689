namespace Actors.Sdk;

/// <summary>
/// Marks a class as an actor and gives it the name that is used in the actor key. The class implements <see cref="IActor"/> and has a
/// public constructor without parameters. A plugin may contain several actors.
/// </summary>
/// <param name="name">Lower-case letters, digits and hyphens; the first character is a letter.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActorAttribute(string name) : Attribute
{
    /// <summary>The actor's name.</summary>
    public string Name { get; } = name;
}
