import inspect

from knowledge import errors


def test_every_error_is_drawn_in_the_tree_and_belongs_to_it():
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__]
    assert len(classes) > 10
    for cls in classes:
        assert issubclass(cls, errors.GiljabiError)
        assert cls.__name__ in errors.__doc__


def test_a_message_ends_with_what_to_do():
    error = errors.NotFound("Dataset 'x' is not in the catalog.", hint="List the datasets first.")
    assert str(error) == "Dataset 'x' is not in the catalog. List the datasets first."
