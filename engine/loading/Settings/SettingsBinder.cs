using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Isolation.Messages;
using Actors.Sdk.Text;

namespace Actors.Loading.Settings;

/// <summary>
/// Makes a plugin's own object from its settings. It uses reflection only, because the caches of converters and serializers would keep an
/// unloaded plugin in memory.
/// </summary>
internal sealed class SettingsBinder(SettingsProblems problems)
{
    private const string Unsupported = "is not supported in settings";

    /// <summary>The object; the result means nothing if there are problems.</summary>
    /// <exception cref="NotSupportedException">The plugin's class has a type that settings cannot have.</exception>
    public static object? Bind(Type type, SettingsBody settings, SettingsProblems problems) => new SettingsBinder(problems).ObjectOf(type, settings.Root, "the settings");

    private object? ValueOf(Type declared, SettingNode node, string key)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (SettingValues.Has(type))
            return WordOf(type, node, key);
        if (ItemOf(type, typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>), typeof(Dictionary<,>)) is [var name, var entry])
            return name == typeof(string) ? DictionaryOf(entry, node, key) : throw new NotSupportedException($"a dictionary by {name.Name} {Unsupported}");
        if ((type.IsArray ? [type.GetElementType()!] : ItemOf(type, typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>), typeof(IList<>), typeof(List<>))) is [var item])
            return ListOf(item, node, key, type.IsArray);
        return type is { IsClass: true, IsAbstract: false } && type != typeof(object) ? ObjectOf(type, node, key) : throw new NotSupportedException($"the type {type.Name} {Unsupported}");
    }

    private object? WordOf(Type type, SettingNode node, string key)
    {
        if (node.Text is not { } text || (text.Length == 0 && type != typeof(string)))
            return Wrong(node, $"'{key}' should be a single value, found {SettingsProblems.Kind(node)}");
        var (value, error) = SettingValues.Parse(type, text);
        return error is null ? value : Wrong(node, $"'{key}': {error}, found {SettingsProblems.Kind(node)}");
    }

    private object? ListOf(Type item, SettingNode node, string key, bool array)
    {
        if (node.Items is not { } items)
            return Wrong(node, $"'{key}' should be a list ('[a, b]'), found {SettingsProblems.Kind(node)}");
        var values = Array.CreateInstance(item, items.Count);
        for (var at = 0; at < items.Count; at++)
        {
            if (ValueOf(item, items[at], key) is { } value)
                values.SetValue(value, at);
        }
        return array ? values : Activator.CreateInstance(typeof(List<>).MakeGenericType(item), values);
    }

    private object? DictionaryOf(Type entry, SettingNode node, string key)
    {
        if (node.Keys is not { } keys)
            return Wrong(node, $"'{key}' should be a group of keys, found {SettingsProblems.Kind(node)}");
        var values = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), entry))!;
        foreach (var one in keys)
        {
            if (ValueOf(entry, one.Value, one.Name) is { } value)
                values[one.Name] = value;
        }
        return values;
    }

    private object? ObjectOf(Type type, SettingNode node, string key)
    {
        if (node.Keys is not { } keys)
            return Wrong(node, $"'{key}' should be a group of keys, found {SettingsProblems.Kind(node)}");
        var constructors = type.GetConstructors();
        var constructor = Array.Find(constructors, one => one.GetParameters().Length == 0)
            ?? (constructors is [var only] ? only : throw new NotSupportedException($"the class {type.Name} has several public constructors, all with parameters, which {Unsupported}"));
        var parameters = constructor.GetParameters().ToDictionary(parameter => SettingValues.KeyOf(parameter.Name!));
        var properties = type.GetProperties().Where(property => property is { CanWrite: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !parameters.ContainsKey(SettingValues.KeyOf(property.Name))).ToDictionary(property => SettingValues.KeyOf(property.Name));
        FindUnknown(keys, [.. parameters.Keys, .. properties.Keys]);
        FindMissing(keys, node, parameters.Where(parameter => !parameter.Value.HasDefaultValue).Select(parameter => parameter.Key)
            .Concat(properties.Where(property => property.Value.IsDefined(typeof(RequiredMemberAttribute))).Select(property => property.Key)));
        if (problems.Any)
            return Checked(keys, parameters, properties);
        return Made(constructor, keys, node, properties);
    }

    // Something is wrong already, so nothing is made; the values are parsed for further problems.
    private object? Checked(IReadOnlyList<SettingEntry> keys, Dictionary<string, ParameterInfo> parameters, Dictionary<string, PropertyInfo> properties)
    {
        foreach (var key in keys)
        {
            if ((parameters.GetValueOrDefault(key.Name)?.ParameterType ?? properties.GetValueOrDefault(key.Name)?.PropertyType) is { } type)
                ValueOf(type, key.Value, key.Name);
        }
        return null;
    }

    private object? Made(ConstructorInfo constructor, IReadOnlyList<SettingEntry> keys, SettingNode node, Dictionary<string, PropertyInfo> properties)
    {
        var arguments = new List<object?>();
        foreach (var parameter in constructor.GetParameters())
        {
            var key = SettingValues.KeyOf(parameter.Name!);
            var value = keys.FirstOrDefault(one => one.Name == key)?.Value;
            arguments.Add(value is null ? DefaultOf(parameter) : ValueOf(parameter.ParameterType, value, key));
            if (value is not null)
                Validate(parameter.GetCustomAttributes<ValidationAttribute>(), arguments[^1], value, key);
        }
        var values = keys.Where(key => properties.ContainsKey(key.Name)).Select(key => (Key: key, Value: ValueOf(properties[key.Name].PropertyType, key.Value, key.Name))).ToList();
        foreach (var (key, value) in values)
            Validate(properties[key.Name].GetCustomAttributes<ValidationAttribute>(), value, key.Value, key.Name);
        if (problems.Any)
            return null;
        object? made = null;
        Try(node, "", () => made = constructor.Invoke([.. arguments]));
        foreach (var (key, value) in made is null ? [] : values)
            Try(key.Value, $"'{key.Name}': ", () => properties[key.Name].SetValue(made, value));
        return made;
    }

    private static object? DefaultOf(ParameterInfo parameter) => parameter is { DefaultValue: null, ParameterType.IsValueType: true } && Nullable.GetUnderlyingType(parameter.ParameterType) is null
        ? Activator.CreateInstance(parameter.ParameterType)
        : parameter.DefaultValue;

    private void Validate(IEnumerable<ValidationAttribute> rules, object? value, SettingNode node, string key)
    {
        foreach (var rule in problems.Any ? [] : rules)
        {
            if (!rule.IsValid(value))
                Wrong(node, $"'{key}': {rule.FormatErrorMessage(key)}");
        }
    }

    // A check of the plugin's own.
    private void Try(SettingNode node, string what, Action action)
    {
        try
        {
            action();
        }
        catch (TargetInvocationException error) when (error.InnerException is ArgumentException why)
        {
            Wrong(node, $"{what}{(why.ParamName is { Length: > 0 } name ? why.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : why.Message)}");
        }
    }

    private void FindUnknown(IReadOnlyList<SettingEntry> keys, IReadOnlyList<string> known)
    {
        foreach (var key in keys.Where(key => !known.Contains(key.Name)))
        {
            problems.Add(key, Suggestion.For(key.Name, known) is { } meant
                ? $"unknown key '{key.Name}'; did you mean '{meant}'?"
                : $"unknown key '{key.Name}'; known here: {string.Join(", ", known.Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}");
        }
    }

    private void FindMissing(IReadOnlyList<SettingEntry> keys, SettingNode node, IEnumerable<string> required)
    {
        foreach (var key in required.Where(key => keys.All(one => one.Name != key)))
            problems.Add(node, $"'{key}' is missing");
    }

    private static Type[]? ItemOf(Type type, params Type[] generics) => type.IsGenericType && generics.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments() : null;

    private object? Wrong(SettingNode at, string problem)
    {
        problems.Add(at, problem);
        return null;
    }
}
