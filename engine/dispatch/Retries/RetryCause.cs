namespace Actors.Dispatch.Retries;

/// <summary>Why a target is requested again.</summary>
internal enum RetryCause
{
    /// <summary>The target is not requested again: the request is new.</summary>
    None,

    /// <summary>Something that was missing is available, or has changed.</summary>
    Change,

    /// <summary>The pause is over.</summary>
    Time,
}
