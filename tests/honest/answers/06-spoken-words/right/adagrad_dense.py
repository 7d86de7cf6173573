# case: adagrad_dense
# style: Adagrad with a larger rate as the text warns; SELU dense network; itertools.groupby over sorted mistakes; a list as the pair

# %% build_model
def build_model(frames, mel_bins, n_words):
    sizes = [96, 48]
    model = keras.Sequential([keras.Input((frames, mel_bins)), keras.layers.Flatten()])
    for size in sizes:
        model.add(keras.layers.Dense(size, activation="selu", kernel_initializer="lecun_normal"))
    model.add(keras.layers.Dense(n_words, activation="softmax"))
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adagrad(learning_rate=0.03),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    class Dots(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            print(".", end="", flush=True)

    return model.fit(x, y, batch_size=16, epochs=epochs, verbose=0, callbacks=[Dots()])

# %% most_confused
from itertools import groupby


def most_confused(model, x, y):
    heard = np.argmax(model.predict(x, verbose=0), axis=1)
    mistakes = sorted([int(t), int(h)] for t, h in zip(y, heard) if t != h)
    longest = []
    for _, group in groupby(mistakes):
        group = list(group)
        if len(group) > len(longest):
            longest = group
    return longest[0] if longest else None
