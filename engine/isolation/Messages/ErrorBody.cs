namespace Actors.Isolation.Messages;

/// <summary>The exceptions that cross the boundary as themselves.</summary>
internal enum ErrorKind
{
    Other,
    DomainGone,
    Mechanism,
    Hypervisor,
    Argument,
    Cancelled,

    /// <summary>A plugin cannot be loaded; the message says why.</summary>
    NotLoaded,

    /// <summary>The plugin broke a rule of the contract; the message says which.</summary>
    Rule,
}

/// <summary>The body of an error frame.</summary>
internal sealed record ErrorBody
{
    public required ErrorKind Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>The name of the exception's class.</summary>
    public string Type { get; init; } = "";

    /// <summary>The exception in full, for the log.</summary>
    public string Trace { get; init; } = "";

    /// <summary>The hypervisor call that failed.</summary>
    public string Call { get; init; } = "";

    public int Errno { get; init; }

    public int Domid { get; init; }

    /// <summary>
    /// The number of the child's own request whose error this is; 0 if the error is the child's. The daemon then throws its original
    /// exception again.
    /// </summary>
    public long Request { get; init; }
}
