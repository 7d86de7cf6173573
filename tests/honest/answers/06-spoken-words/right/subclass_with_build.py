# case: subclass_with_build
# style: subclass that makes its layers in build(), called by model.build((None, ...)); defaultdict of counts

# %% build_model
def build_model(frames, mel_bins, n_words):
    class SpeechModel(keras.Model):
        def __init__(self, n_classes, **kwargs):
            super().__init__(**kwargs)
            self.n_classes = n_classes

        def build(self, input_shape):
            self.flat = keras.layers.Flatten()
            self.hidden = keras.layers.Dense(100, activation="tanh")
            self.out = keras.layers.Dense(self.n_classes, activation="softmax")
            self.hidden.build((input_shape[0], input_shape[1] * input_shape[2]))
            self.out.build((input_shape[0], 100))

        def call(self, inputs):
            return self.out(self.hidden(self.flat(inputs)))

    model = SpeechModel(n_words, name="speech_model")
    model.build((None, frames, mel_bins))
    return model

# %% compile_model
def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Nadam(),
        metrics=["acc"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x=x, y=y, epochs=epochs, validation_data=(x, y), verbose=0)

# %% most_confused
def most_confused(model, x, y):
    from collections import defaultdict

    predicted = model.predict_on_batch(x).argmax(axis=1)
    mistakes = defaultdict(int)
    for true_word, heard in zip(y.tolist(), predicted.tolist()):
        if true_word != heard:
            mistakes[true_word, heard] += 1
    if not mistakes:
        return None
    most = max(mistakes.values())
    candidates = sorted(pair for pair in mistakes if mistakes[pair] == most)
    return candidates[0]
