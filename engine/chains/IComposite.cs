namespace Actors.Host.Policies;

/// <summary>An actor made of others.</summary>
internal interface IComposite
{
    /// <summary>Every actor and policy that it can name.</summary>
    IReadOnlyList<string> Steps { get; }
}
