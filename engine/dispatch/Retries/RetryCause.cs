namespace Actors.Dispatch.Retries;

/// <summary>Why a target is requested again.</summary>
internal enum RetryCause
{
    /// <summary>It is not: the request is a new one.</summary>
    None,

    /// <summary>Something that was missing is available, or has changed.</summary>
    Change,

    /// <summary>The pause is over.</summary>
    Time,
}
