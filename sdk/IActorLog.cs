namespace Actors.Sdk;

/// <summary>What an actor tells the operator. The host adds the time, the domain and the actor.</summary>
public interface IActorLog
{
    /// <summary>Of interest when something is looked into.</summary>
    void Debug(string message);

    /// <summary>Worth knowing.</summary>
    void Info(string message);

    /// <summary>Somebody should look at it.</summary>
    void Warn(string message);
}
