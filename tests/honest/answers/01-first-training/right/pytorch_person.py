# case: pytorch_person
# style: comes from PyTorch: criterion, loader, state_dict, AdamW with decay, .item()

# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=1e-2)
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=False, reduction="sum_over_batch_size")
    model.compile(optimizer, criterion, metrics=["accuracy"])
    return model

# %% train_model
import tensorflow as tf


def train_model(model, x, y, epochs=5):
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    train_loader = dataset.shuffle(buffer_size=len(x), reshuffle_each_iteration=True).batch(32)
    return model.fit(train_loader, epochs=epochs, verbose=2)

# %% first_layer_weights
def first_layer_weights(model):
    state_dict = {}
    for number, layer in enumerate(model.layers):
        for name, tensor in zip(("weight", "bias"), layer.weights):
            state_dict[f"{number}.{name}"] = tensor.numpy()
    first_key = next(iter(state_dict))
    return state_dict[first_key].copy()

# %% weight_change
def weight_change(before, after):
    out = []
    for p_old, p_new in zip(before, after):
        delta = np.abs(p_new - p_old)
        out.append(delta.max().item())
    return out
